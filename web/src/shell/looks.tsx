/** Theme, density and language for everything inside. */
import type { ReactNode } from "react";
import { useMemo } from "react";
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useIsPhone } from "@/shared/phone";
import { useHabit, useIsDark } from "./habits";
import { themeOf } from "./theme";

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

export function Looks({ children }: { children: ReactNode }) {
  const language = useHabit("language");
  const density = useHabit("density");
  const isDark = useIsDark();
  const isPhone = useIsPhone();
  const theme = useMemo(() => {
    const made = themeOf(isDark, density, isPhone);
    return still ? { ...made, token: { ...made.token, motion: false } } : made;
  }, [isDark, density, isPhone]);
  return (
    <ConfigProvider theme={theme} locale={language === "zh" ? zhCN : enUS} wave={{ disabled: true }} button={{ autoInsertSpace: false }}>
      <App component={false} message={{ maxCount: 1 }}>{children}</App>
    </ConfigProvider>
  );
}
