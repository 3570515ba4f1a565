// Before the first paint: the language that this browser was left with, else its own. No inline script may run.
(() => {
  let kept = null;
  try { kept = localStorage.getItem("orderloom.language"); } catch { /* a browser that keeps nothing */ }
  document.documentElement.lang = (kept || (/^zh\b/i.test(navigator.language) ? "zh" : "en")) === "en" ? "en" : "zh-CN";
})();
