/** A well-formed query that can't be computed: the message says why, for people. */
export class Impossible extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Impossible'
  }
}
