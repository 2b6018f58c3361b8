"""Campaign event funnels: which leads reach which step, when, and what they are worth.

`definition` says what a funnel is, `facts` builds one row per lead (and entry) without a window,
`asking` asks that table. Step 1 is the lead row itself; steps 2 to N are events of the lead.

Shapes of the answers, all exact rows (`dict`), in the order named here. Times are naive UTC, money
is `Decimal` in `currency`, durations are whole seconds, ratios are floats and None where their
denominator is 0. A breakdown (`FunnelView.by`) puts its columns in front, by their own names
(`pid`, `sub1`, `day`, ...), None being a value of its own; `is_other` marks the row that holds all
values beyond the 50 with most leads (its breakdown columns are None). `pid@3` is the pid that the
event of step 3 names; None for leads that did not reach it.

`counts`: one row per slice and step, slices with most leads first:
    step, name, optional, leads (n_1 of the slice), before (leads that reached the needed step
    before; n_1 for step 1), reached (n_k), of_leads (reached / leads), of_before (reached /
    before), young (leads of the slice that are younger than the window, so that n_k may grow).
    Without a window nobody is young. With `by=("day",)`, `("week",)` or `("month",)` a slice is
    a cohort, the column holds its first `date`, and slices come in the order of time.
`times`: one row per slice and step from 2 on, from the lead to the step:
    step, name, reached, median_s, p90_s, in_1h, in_1d, in_7d (numbers of leads; share = / reached)
`histogram`: one row per bar of one step: low_s, high_s (half open, the last closed), leads.
`ages`: one row per slice, age and outcome of one step, what Kaplan-Meier needs:
    hours (whole hours from the lead to the step, or to the data's end, both cut at `horizon_s`),
    converted (bool: within the horizon and before the data's end), leads.
`money`: one row per slice, step and currency:
    step, name, currency, leads, reached, revenue (of the step's rows), cost and ad_spend (of all
    leads of the slice), profit (revenue - cost - ad_spend), valid (leads of the slice that nobody
    denied), epl (revenue / leads), rpl (revenue / valid), cpl ((cost + ad_spend) / leads),
    cost_per_reached ((cost + ad_spend) / reached), roas (revenue / ad_spend),
    margin (profit / revenue). Ratios here are `Decimal`, 4 decimals.
`drop_off`: one row per lead that reached a step and not the next needed one:
    transaction_id, campaign_id, pid, buyer, entered_at, reached_at (of the step), age_s (of the
    lead at the data's end), waiting_s (since `reached_at`), is_young, revenue (so far), cost,
    ad_spend, currency, last_event, last_event_at (any event of the lead).
`cash`: one row per local day and step, by the event's own day: day, step, name, reached, currency,
    revenue. Never the same as a cohort.
`matrix` (only with findings): tracked, reconciled (steps reached, 0 = no lead), leads.

`statistics` says how sure a rate is and whether two differ (`Rate`, `Comparison`); it takes counts.
`maturity` says what leads younger than the window will come to (`Developed`) and how long
converting takes (`Curve`). `judging` asks both of a funnel (`open_funnel` lends such a one):
`rates`: the rows of `counts`, and on steps from 2 on low, high (of of_leads), before_low,
    before_high (of of_before), ripeness (mature, immature, too_young, unsteady, unknown; None
    without a window), share (of the conversions that has come by now), developed, developed_low,
    developed_high (where of_leads will end), own_curve.
`growth`: cohort (date), age_s, leads, converted (None where not all are as old).
`comparing.compare`, `compare_money`: two views, or each slice and all other leads.
"""
