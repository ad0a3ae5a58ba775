import { useEffect, useState } from "react";
import { useKiosk } from "../context.ts";
import { useClock } from "../frame/clock.ts";
import { translate } from "../i18n/dictionary.ts";
import { Icon } from "../parts/icon.tsx";
import type { ScreenOf } from "./screenOf.ts";
import { SignageArt } from "./signageArt.tsx";

const SLIDE_MS = 9_000;

/** The idle terminal: slides over the whole screen, one button that is the whole screen, and one that calls a person. */
export function Signage({ slides }: { slides: ScreenOf<"signage">["slides"] }) {
  const { view, act } = useKiosk();
  const clock = useClock();
  const [shown, setShown] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setShown((slide) => slide + 1), SLIDE_MS);
    return () => clearInterval(timer);
  }, []);
  const current = slides.length === 0 ? 0 : shown % slides.length;
  return (
    <main className="signage" data-screen="signage" data-revision={view.revision}>
      <button
        type="button"
        className="signage-start"
        data-action="start"
        aria-label={`${translate("zh-CN", "signage.touch")} · ${translate("en", "signage.touch")}`}
        onClick={() => act({ type: "start" })}
      />
      {slides.map((slide, index) => (
        <section
          key={slide.id}
          className={`slide slide-${slide.tone} ${index === current ? "slide-shown" : ""}`}
          aria-hidden={index !== current}
        >
          <SignageArt tone={slide.tone} />
          <div className="slide-words">
            <h1 lang="zh-CN">{slide.title.zh}</h1>
            <p lang="zh-CN">{slide.body.zh}</p>
            <p lang="en" className="slide-english">
              <b>{slide.title.en}</b>
              <br />
              {slide.body.en}
            </p>
          </div>
        </section>
      ))}
      <div className="signage-top">
        <span className="header-mark">
          <Icon name="bolt" />
        </span>
        <span className="signage-hall">{view.terminal.hall.zh}</span>
        <span className="signage-clock">
          <b className="tabular">{clock.time}</b>
          <span>{clock.day}</span>
        </span>
      </div>
      <button type="button" className="button signage-help" data-action="help" onClick={() => act({ type: "help" })}>
        <Icon name="person" />
        <span lang="zh-CN">
          {translate("zh-CN", "frame.help")} <span lang="en">{translate("en", "frame.help")}</span>
        </span>
      </button>
      <div className="signage-bottom">
        <span className="signage-touch" lang="zh-CN">
          {translate("zh-CN", "signage.touch")}
        </span>
        <span className="signage-touch-second" lang="en">
          {translate("en", "signage.touch")}
        </span>
        <span className="signage-dots" aria-hidden="true">
          {slides.map((slide, index) => (
            <i key={slide.id} className={index === current ? "dot-shown" : ""} />
          ))}
        </span>
      </div>
    </main>
  );
}
