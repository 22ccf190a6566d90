/** The objects of a document with one empty page. */
const OBJECTS = [
  "<</Type/Catalog/Pages 2 0 R>>",
  "<</Type/Pages/Kids[3 0 R]/Count 1>>",
  "<</Type/Page/Parent 2 0 R/MediaBox[0 0 298 420]/Resources<<>>>>",
];

/** A real document, so that the product takes it: for a demonstration nobody should have to look for one. */
export function samplePdf(): string {
  let text = "%PDF-1.4\n";
  const places = OBJECTS.map((object, index) => {
    const at = text.length;
    text += `${String(index + 1)} 0 obj${object}endobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const size = String(OBJECTS.length + 1);
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join("")}`;
  return `${text}${table}trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${String(text.length)}\n%%EOF\n`;
}
