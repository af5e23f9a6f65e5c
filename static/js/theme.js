/**
 * Sets the theme that was chosen before anything is painted (a plain script in the head, so that
 * nothing flashes).
 */
(() => {
  try {
    const theme = localStorage.getItem("chatelaine.theme");
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    // No storage: the system's theme it is.
  }
})();
