"""What is given to others: dispute packs for buyers, and the list of corrections for the platform.

`columns` says what may leave, `wording` says it in words for a buyer, `workbook` writes sheets,
`manifest` seals what was written and `verifying` looks whether it still is.
"""
