/** The client's own types don't exist; these are of what the test calls. */
declare module 'opsgenie-sdk' {
  type Done = (error: unknown, answer: unknown) => void
  const client: {
    configure: (options: { api_key: string; host: string }) => void
    alertV2: {
      create: (alert: object, options: object, done: Done) => void
      close: (of: { identifier: string; identifierType: 'alias' }, body: object, options: object, done: Done) => void
    }
  }
  export default client
}
