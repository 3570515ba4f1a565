"use strict";
// What the order form and its sign-in share: words, Chinese first, decimals of currencies, the language.
const WORDS = {
  zh: {
    sign_in: "登录",
    sign_out: "退出",
    user_name: "用户名",
    password: "密码",
    close: "关闭",
    sign_in_hint: "首次登录用启动时显示的一次性密码；忘记密码：在服务器上运行 orderloom user reset-password 用户名",
    new_password: "新密码（至少 12 个字符，一次性密码须立即更换）",
  },
  en: {
    sign_in: "Sign in",
    sign_out: "Sign out",
    user_name: "User",
    password: "Password",
    close: "Close",
    sign_in_hint: "The first time use the one-time password that the start printed. Forgotten? On the server run: " +
      "orderloom user reset-password NAME",
    new_password: "New password (12 characters or more; the one-time password has to be replaced now)",
  },
};
const EXPONENTS = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
};

// What the person chose here, else the first of the browser's languages that we speak.
function chosenLanguage() {
  const spoken = [localStorage.getItem("language"), ...navigator.languages, "zh"].map((name) => (name || "").slice(0, 2));
  return spoken.find((name) => name in WORDS);
}
