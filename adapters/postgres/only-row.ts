/** What a write returned, where it always returns one row. */
export function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('PostgreSQL returned no row for a write')
  return row
}
