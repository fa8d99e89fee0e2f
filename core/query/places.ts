/** Where nodes stood in the text; of a list of keys, where each key did. Nodes themselves hold no positions. */
export type Places = ReadonlyMap<object, readonly number[]>

/** The same while it is being made. */
export type NotedPlaces = Map<object, readonly number[]>

/** Notes that a node stands where another did, and gives it back. */
export type Carry = <Node extends object>(node: Node, from: object) => Node
