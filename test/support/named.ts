// Rows of a table for `it.each`, with their names in front: `%s` shows them whole, `$row` cuts and quotes them.

export function named<Row extends { readonly row: string }>(rows: readonly Row[]): readonly [string, Row][] {
  return rows.map((row) => [row.row, row]);
}
