// Addresses, judged as the server judges them (domain::text::link), so that nobody learns of a wrong one only when saving.

export type Judged = { address: string; problem?: never } | { address?: never; problem: string };

/** An http or https address kept as it is, or what is wrong with it. */
export function webAddress(text: string): Judged {
  const address = text.trim();
  if (address === "") {
    return { problem: "请填写链接地址" };
  }
  if (new TextEncoder().encode(address).length > 2_000) {
    return { problem: "链接过长（最多 2000 个字符）" };
  }
  if (/[\p{Cc}\s]/u.test(address)) {
    return { problem: "链接中不能有空格或换行" };
  }
  const match = /^https?:\/\/([^/?#]*)/i.exec(address);
  if (!match) {
    return { problem: "链接应以 http:// 或 https:// 开头" };
  }
  return match[1] === "" || /["<>\\]/.test(match[1] ?? "") ? { problem: "链接缺少网站地址" } : { address };
}
