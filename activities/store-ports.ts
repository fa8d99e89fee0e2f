import { SourceError } from './ports.ts'

/**
 * The engine's own database gives no answer, and without it nobody knows. That is no failure of what a monitor asks: its slots wait, and are
 * judged once it is back.
 */
export class StoreAwayError extends SourceError {
  constructor(message: string, options?: ErrorOptions) {
    super('unreachable', message, options)
    this.name = 'StoreAwayError'
  }
}
