import { type Fault, parseShape, type Shape, type Shaped, type ShapedAs } from './shape.ts';

/** A document that a world goes by, and that can be changed while it runs: prices of stalls, events. */
export interface ContentDeclaration<Body = unknown> {
  readonly shape: Shape;
  /** What stands until something else is put into force. */
  readonly initial: Body;
  readonly sentence: string;
  /** What no shape can say: that nobody buys dearer than they sell. */
  check?(body: Body): readonly Fault[];
}

export type ContentDeclarations = Readonly<Record<string, ContentDeclaration>>;

export type BodyOf<T> = T extends ContentDeclaration<infer Body> ? Body : never;

/** Declares a document, so that `check` and `initial` have the type of its shape. */
export function declareContent<const S extends Shape>(
  declaration: ContentDeclaration<ShapedAs<S>> & { readonly shape: S },
): ContentDeclaration<ShapedAs<S>> {
  return declaration;
}

/** All that is wrong with a body, in shape and in sense. */
export function parseContent(declaration: ContentDeclaration, body: unknown): Shaped<unknown> {
  const shaped = parseShape(declaration.shape, body);
  if (!shaped.ok) return shaped;
  const faults = declaration.check?.(shaped.value) ?? [];
  return faults.length === 0 ? shaped : { ok: false, faults };
}
