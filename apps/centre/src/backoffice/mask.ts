/** 张三丰 → 张**, 天津某某有限公司 → 天津****公司: enough to recognise oneself by, no more (个人信息保护法 第六条, least necessary). */
export function maskName(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= 4) return `${characters[0] ?? ""}${"*".repeat(Math.max(1, characters.length - 1))}`;
  return `${characters.slice(0, 2).join("")}****${characters.slice(-2).join("")}`;
}

/** Keeps the street, hides the figures of house and room. */
export function maskAddress(address: string): string {
  const masked = address.replaceAll(/\d+/g, (figures) => "*".repeat(Math.min(3, figures.length)));
  return masked === address
    ? `${Array.from(address)
        .slice(0, Math.ceil(address.length / 2))
        .join("")}***`
    : masked;
}
