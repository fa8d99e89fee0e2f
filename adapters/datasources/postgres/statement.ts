/** The statement of an alert, ready to be sent. Read next: run.ts. */

/** Texts, comments and names in quotes stay as they are; `$__slot` outside of them is the time that is asked about. */
const tokens = /'(?:''|[^'])*'|"(?:""|[^"])*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\$__slot\b/g

export type Statement = Readonly<{
  text: string
  /** It names its time, so it can be asked about the past. */
  namesSlot: boolean
}>

/** As one query with a limit. That it is one, and within brackets, keeps whatever it is from being anything but a query. */
export function statementOf(sql: string, rowsMax: number): Statement {
  let namesSlot = false
  const text = sql.replace(tokens, (token) => {
    if (token !== '$__slot') return token
    namesSlot = true
    return '$1::timestamptz'
  })
  // On a line of its own: the statement may end in a comment.
  return { text: `select * from (\n${text}\n) as answer limit ${rowsMax}`, namesSlot }
}
