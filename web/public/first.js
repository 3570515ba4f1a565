// Before the first paint: the theme, density and language that this browser was left with. No inline script may run.
(() => {
  const root = document.documentElement;
  const kept = (key) => { try { return localStorage.getItem(`orderloom.${key}`); } catch { return null; } };
  const theme = kept("theme");
  const isDark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "dark" : "light";
  root.dataset.density = kept("density") || "compact";
  const language = kept("language") || (/^zh\b/i.test(navigator.language) ? "zh" : "en");
  root.lang = language === "en" ? "en" : "zh-CN";
})();
