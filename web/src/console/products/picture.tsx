/** The picture of a SKU: shown, given, taken away. */
import { Button, Upload } from "antd";
import type { GoodsView } from "@/api/generated/schema";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { products } from "@/words/products";
import { useTold } from "./told";
import { usePicture } from "./queries";

export function Picture({ view }: { view: GoodsView }) {
  const words = useWords(products);
  const change = usePicture(view.code);
  const tell = useTold();
  const may = useMay()("skus:write");
  const put = (file: File | null) => change.mutate(file, { onSuccess: () => tell.done(words.saved, []), onError: tell.failed });
  const source = `/api/v1/sku/picture?code=${encodeURIComponent(view.code)}&of=${view.picture}`;
  if (!view.picture && !may) return null;
  return (
    <section className="card">
      <h2>{words.picture}</h2>
      <div className="body stack">
        {view.picture ? <img src={source} alt={view.name || view.code} style={{ maxWidth: "100%" }} /> : <p className="dim">{words.uploadMeans}</p>}
        {may ? (
          <div className="do">
            <Upload accept="image/jpeg,image/png,image/webp,image/gif" maxCount={1} showUploadList={false} beforeUpload={(file) => { put(file); return false; }}>
              <Button loading={change.isPending}>{words.upload}</Button>
            </Upload>
            {view.picture ? <Button onClick={() => put(null)}>{words.removePicture}</Button> : null}
          </div>
        ) : null}
      </div>
    </section>
  );
}
