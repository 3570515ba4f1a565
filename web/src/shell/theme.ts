/** The antd theme, read from tokens.css: that file is the only place where a colour or a size is written. */
import { theme } from "antd";
import type { ThemeConfig } from "antd";
import source from "./tokens.css?raw";
import type { Tokens } from "./tokens";
import { tokensOf } from "./tokens";

const LIGHT = tokensOf(source, ":root");
const DARK: Tokens = { ...LIGHT, ...tokensOf(source, '[data-theme="dark"]') };

/** A token by its name. Throws on one that tokens.css does not have: a typing error must not look like a colour. */
export function token(name: string, isDark: boolean): string {
  const found = (isDark ? DARK : LIGHT)[name];
  if (found === undefined) throw new Error(`tokens.css has no --${name}`);
  return found;
}

function pixels(name: string): number {
  return Number.parseFloat(token(name, false));
}

const HEIGHTS = { dense: 28, compact: 32, comfortable: 32 } as const;
const CELL = { dense: 5, compact: 7, comfortable: 9 } as const;

export function themeOf(isDark: boolean, density: keyof typeof HEIGHTS, isPhone: boolean): ThemeConfig {
  const the = (name: string) => token(name, isDark);
  return {
    cssVar: { key: "ol" },
    hashed: false,
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: the("brand"), colorBgLayout: the("canvas"), colorBgContainer: the("surface"), colorBgElevated: the("surface"),
      colorText: the("ink"), colorTextSecondary: the("ink-2"), colorTextTertiary: the("ink-3"), colorTextPlaceholder: the("ink-3"),
      colorTextDescription: the("ink-3"), colorBorder: the("edge"), colorBorderSecondary: the("line"), colorSplit: the("line"),
      colorError: the("bad"), colorWarning: the("warn"), colorSuccess: the("good"), colorInfo: the("info"),
      colorErrorHover: the("bad"), colorErrorActive: the("bad"), colorErrorBorderHover: the("bad"),
      colorLink: the("brand"), colorLinkHover: the("brand-2"), colorTextLightSolid: the("on-brand"),
      fontFamily: the("font"), fontSize: isPhone ? 16 : 14, fontSizeSM: 12, borderRadius: pixels("r2"), borderRadiusLG: pixels("r3"),
      borderRadiusSM: pixels("r1"), controlHeight: isPhone ? pixels("touch") : HEIGHTS[density], motionDurationMid: ".12s",
      fontWeightStrong: 600,
    },
    components: {
      Table: {
        cellFontSizeSM: 13, cellPaddingBlockSM: CELL[density], cellPaddingInlineSM: 8, headerBg: the("sunken"), headerColor: the("ink-3"),
        rowHoverBg: the("hover"), rowSelectedBg: the("chosen"), headerSplitColor: "transparent",
      },
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none", defaultBorderColor: the("line-2"), fontWeight: 400 },
      Tabs: { horizontalMargin: "0" },
    },
  };
}
