// Runs before the first paint, so that a chosen colour scheme doesn't flash.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    const chosen = localStorage.getItem("lupplan-scheme");
    if (chosen === "light" || chosen === "dark") root.dataset.colorScheme = chosen;
  } catch {
    // No storage: the device's own choice stands.
  }
})();
