// The theme that was chosen before, set before the first drawing.
try {
  const theme = localStorage.getItem("vaultlet.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A store that is denied holds no theme.
}
