/** Bounds that all query languages share. */

/** Group keys at most: each one multiplies the groups. */
export const groupKeysMax = 20
/** Filter terms at most: each one is a condition that a source checks. */
export const filterTermsMax = 100
/** Characters of a name or tag at most, as the intake takes them. */
export const nameCharsMax = 200
