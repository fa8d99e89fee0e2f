/** The package has no types; these are of what is called. */
declare module 'snappyjs' {
  const snappy: {
    compress: (bytes: Uint8Array) => Uint8Array
    uncompress: (bytes: Uint8Array) => Uint8Array
  }
  export default snappy
}
