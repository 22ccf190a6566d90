import type { Line } from "./lines";

/** The same call for a terminal; the proof is left to whoever runs it, a secret never stands here. */
export function curl({ method, path, request, to }: NonNullable<Line["curl"]>, addresses: { bot: string; botx: string }): string {
  const query = method === "GET" && request ? `?${new URLSearchParams(request as Record<string, string>).toString()}` : "";
  const parts = [`curl -X ${method} ${quoted(addresses[to] + path + query)}`, `-H ${quoted("Authorization: Bearer ")}"$TOKEN"`];
  if (method !== "GET" && request) parts.push(`-H ${quoted("Content-Type: application/json")}`, `-d ${quoted(JSON.stringify(request))}`);
  return parts.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
