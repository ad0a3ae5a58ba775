import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { useRemembered, useWords } from "../context.ts";
import { Button } from "./button.tsx";

/**
 * A list in pages of as many rows as fit, turned by two large buttons: nobody must know how to scroll. It fills its
 * grid cell; which page was open is remembered under `id` while the customer is here.
 */
export function Paged<T>({
  id,
  items,
  keyOf,
  render,
  className = "",
}: {
  id: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  render: (item: T) => ReactNode;
  className?: string;
}) {
  const { t } = useWords();
  const [page, setPage] = useRemembered(`page:${id}`, 0);
  const [size, setSize] = useState(4);
  const list = useRef<HTMLUListElement>(null);
  // The tallest row ever seen decides: otherwise pages with rows of different height would change the page size.
  const tallest = useRef({ text: "", width: 0, height: 0 });

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      const height = element.clientHeight;
      if (height === 0) return;
      const style = getComputedStyle(element);
      const gap = Number.parseFloat(style.rowGap) || 0;
      const columns = Math.max(1, style.gridTemplateColumns.split(" ").length);
      const seen = tallest.current;
      const text = document.documentElement.dataset["text"] ?? "";
      if (seen.text !== text || seen.width !== element.clientWidth)
        tallest.current = { text, width: element.clientWidth, height: 0 };
      for (const row of element.children)
        tallest.current.height = Math.max(tallest.current.height, row.getBoundingClientRect().height);
      const rows = Math.max(1, Math.floor((height + gap + 1) / (tallest.current.height + gap)));
      setSize(rows * columns);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  });

  const pages = Math.max(1, Math.ceil(items.length / size));
  const current = Math.min(page, pages - 1);
  return (
    <div className={`paged ${className}`}>
      <ul className="paged-list" ref={list}>
        {items.slice(current * size, (current + 1) * size).map((item) => (
          <li key={keyOf(item)}>{render(item)}</li>
        ))}
      </ul>
      {pages > 1 && (
        <div className="pager">
          <Button action="page:previous" icon="up" off={current === 0} onPress={() => setPage(current - 1)}>
            {t("page.previous")}
          </Button>
          <span className="pager-place" role="status">
            {t("page.of", { page: current + 1, pages })}
          </span>
          <Button action="page:next" icon="down" off={current >= pages - 1} onPress={() => setPage(current + 1)}>
            {t("page.next")}
          </Button>
        </div>
      )}
    </div>
  );
}
