/** What stops the reading of a template; caught in parse.ts, so that nobody else ever sees it thrown. */
export class TemplateFailure extends Error {
  /** From 0, in UTF-16 units. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'TemplateFailure'
    this.offset = offset
  }
}
