/** A key that no other call will ever bear. `randomUUID` exists on secure origins only; a demo on a bare address is none. */
export function newKey(): string {
  return (crypto as { randomUUID?: () => string }).randomUUID?.() ?? randomHex();
}

function randomHex(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
