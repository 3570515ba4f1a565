/** ECharts with what the boards use of it, and nothing else; drawn as SVG in the colours of the theme. */
import { useEffect, useEffectEvent, useRef } from "react";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use as bring } from "echarts/core";
import type { EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

bring([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

interface EchartProps {
  option: EChartsCoreOption;
  label: string;
  onPart: (index: number) => void;
}

export default function Echart({ option, label, onPart }: EchartProps) {
  const box = useRef<HTMLDivElement>(null);
  const open = useEffectEvent(onPart);
  useEffect(() => {
    if (!box.current) return undefined;
    const chart = init(box.current, undefined, { renderer: "svg" });
    chart.setOption(option);
    chart.getZr().on("click", ({ offsetX, offsetY }) => {
      const [x, y] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]) as [number, number];
      if (chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) open(option["isSideways"] === true ? y : x);
    });
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(box.current);
    return () => {
      resized.disconnect();
      chart.dispose();
    };
  }, [option]);
  return <div ref={box} className="echart" role="img" aria-label={label} />;
}
