/** Keeps the writing field above the keyboard where the browser lays the keyboard over the page. */

export function followViewport() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    const covered = innerHeight - viewport.height > 1 && viewport.scale === 1;
    const { style } = document.documentElement;
    if (covered) style.setProperty("--view-height", `${viewport.height}px`);
    else style.removeProperty("--view-height");
    if (covered) scrollTo(0, 0);
  };
  viewport.addEventListener("resize", fit);
}
