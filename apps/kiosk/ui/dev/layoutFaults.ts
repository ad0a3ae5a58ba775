/**
 * Runs in the page, as text: text smaller than `minimumPx`, targets below 96 px, text wider than its box, buttons under the
 * panel of a call.
 */
export function faultsOfLayout(minimumPx: number): string[] {
  const found: string[] = [];
  const visible = (element: Element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== "hidden";
  };
  for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    if (!visible(element)) continue;
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "");
    const said = () => (element.textContent ?? "").slice(0, 30);
    if (own && element.namespaceURI !== "http://www.w3.org/2000/svg") {
      const px = Number.parseFloat(getComputedStyle(element).fontSize);
      if (px < minimumPx - 0.6 && !element.closest(".signage")) found.push(`text of ${px.toFixed(0)} px: ${said()}`);
    }
    if (element.tagName === "BUTTON") {
      const box = element.getBoundingClientRect();
      if (box.width < 95.5 || box.height < 95.5)
        found.push(`target ${box.width.toFixed(0)}×${box.height.toFixed(0)}: ${element.dataset["action"]}`);
      if (element.scrollWidth > element.clientWidth + 2) found.push(`too wide: ${said()}`);
    }
    const box = element.getBoundingClientRect();
    const part = element.closest("main, .call-panel, .footer")?.getBoundingClientRect();
    if (own && part && (box.right > part.right + 2 || box.left < part.left - 2))
      found.push(`out of its part: ${said()}`);
    if (own && (box.right > innerWidth + 2 || box.left < -2)) found.push(`off the screen: ${said()}`);
  }
  // Whatever belongs to the call stands beside the page, never over it.
  const panel = document.querySelector(".call-panel")?.getBoundingClientRect();
  if (panel)
    for (const button of document.querySelectorAll(".main button, .footer button")) {
      const box = button.getBoundingClientRect();
      if (box.width === 0 || box.right <= panel.left + 1 || box.left >= panel.right - 1) continue;
      const scroll = button.closest(".scroll-area")?.getBoundingClientRect();
      const [top, bottom] = [Math.max(box.top, scroll?.top ?? 0), Math.min(box.bottom, scroll?.bottom ?? innerHeight)];
      if (top < bottom && bottom > panel.top + 1 && top < panel.bottom - 1)
        found.push(`covered by the panel: ${(button as HTMLElement).dataset["action"]}`);
    }
  const area = document.querySelector(".scroll-area");
  if (area && area.scrollWidth > area.clientWidth + 2) found.push("page wider than the screen");
  if (area && area.scrollHeight > area.clientHeight + 4) console.info("scrolls");
  return found;
}
