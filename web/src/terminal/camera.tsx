/** Scans by the camera with the browser's own detector (Chrome on Android from 83); elsewhere a scanner is needed. */
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";

interface Detector {
  detect(picture: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type WithDetector = typeof globalThis & { BarcodeDetector?: new () => Detector };
const LOOK_MS = 200;
/** A code that stays in sight is one scan; out of it for so long, it is another. */
const GONE_MS = 1_500;

export function hasCamera(): boolean {
  return (globalThis as WithDetector).BarcodeDetector !== undefined && window.isSecureContext && "mediaDevices" in navigator;
}

export function Camera({ onCode, onClose }: { onCode: (code: string) => void; onClose: () => void }) {
  const words = useWords(said);
  const video = useRef<HTMLVideoElement>(null);
  const tell = useEffectEvent(onCode);
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    const { current } = video;
    if (!current) return undefined;
    const stop = look(current, (code) => tell(code));
    stop.started.catch(() => setAway(true));
    return () => stop.end();
  }, []);
  return (
    <div className="camera">
      {isAway ? <p className="strip bad" role="alert">{words.cameraAway}</p> : <video ref={video} muted playsInline aria-label={words.cameraAim} />}
      <button type="button" className="big-button on" onClick={onClose}>{words.close}</button>
    </div>
  );
}

function look(video: HTMLVideoElement, tell: (code: string) => void): { started: Promise<void>; end: () => void } {
  const Found = (globalThis as WithDetector).BarcodeDetector;
  const seen = new Map<string, number>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let isOver = false;
  const once = async (detector: Detector) => {
    for (const { rawValue } of await detector.detect(video)) {
      if (Date.now() - (seen.get(rawValue) ?? 0) > GONE_MS) tell(rawValue);
      seen.set(rawValue, Date.now());
    }
  };
  const release = () => (video.srcObject as MediaStream | null)?.getTracks().forEach((track) => track.stop());
  const start = async () => {
    if (!Found) throw new Error("no detector");
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (isOver) return release();
    await video.play();
    const detector = new Found();
    timer = setInterval(() => void once(detector).catch(() => undefined), LOOK_MS);
  };
  return { started: start(), end: () => { isOver = true; clearInterval(timer); release(); } };
}
