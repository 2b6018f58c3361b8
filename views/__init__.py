"""One file per screen: it draws and calls `reconcile`; it holds no rule."""
