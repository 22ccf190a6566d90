/** A ZIP of small texts, stored as they are: what an XLSX file is on the outside. */
export function zip(files: Record<string, string>): Uint8Array<ArrayBuffer> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, content] = [encode(path), encode(text)];
    const facts = [20, 0x800, 0, 0, 0x21, ...halves(crc(content)), ...halves(content.length), ...halves(content.length), name.length, 0];
    const head = [words(0x4b50, 0x0403, ...facts), name, content];
    directory.push(words(0x4b50, 0x0201, 20, ...facts, 0, 0, 0, 0, 0, ...halves(offset)), name);
    parts.push(...head);
    offset += size(head);
  }
  const count = directory.length / 2;
  return join([...parts, ...directory, words(0x4b50, 0x0605, 0, 0, count, count, ...halves(size(directory)), ...halves(offset), 0)]);
}

function words(...values: number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, value >>> 8]));
}

function halves(value: number): [number, number] {
  return [value & 0xffff, value >>> 16];
}

function size(pieces: Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function join(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size(pieces));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function crc(content: Uint8Array): number {
  let rest = ~0;
  for (const byte of content) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}
