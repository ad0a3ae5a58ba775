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
  // No target lies over another, and whatever belongs to the call stands beside the page, never over it.
  const parts = [...document.querySelectorAll<HTMLElement>("button:not(.signage-start), .call-panel")]
    .filter(visible)
    .map((element) => {
      const box = element.getBoundingClientRect();
      const scroll = element.closest(".scroll-area")?.getBoundingClientRect();
      const [top, bottom] = [Math.max(box.top, scroll?.top ?? 0), Math.min(box.bottom, scroll?.bottom ?? innerHeight)];
      return { element, left: box.left, right: box.right, top, bottom };
    });
  for (const [index, one] of parts.entries())
    for (const other of parts.slice(index + 1)) {
      if (one.element.contains(other.element)) continue;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > 2 && high > 2)
        found.push(`${one.element.dataset["action"] ?? "panel"} over ${other.element.dataset["action"] ?? "panel"}`);
    }
  const area = document.querySelector(".scroll-area");
  if (area && area.scrollWidth > area.clientWidth + 2) found.push("page wider than the screen");
  if (area && area.scrollHeight > area.clientHeight + 4) console.info("scrolls");
  return found;
}
