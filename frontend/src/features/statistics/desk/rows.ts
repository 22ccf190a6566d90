/** The query of a figure, as the page of its rows carries it in its address. */
export type RowsQuery = Record<string, string | number | undefined>;

export function rowsPath(query: RowsQuery): string {
  const known = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return `/desk/statistics/rows?${new URLSearchParams(known).toString()}`;
}
