const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the text is an id as this backend gives them out: a UUID in lower case. */
export function isCharacterId(text: string): boolean {
  return UUID.test(text);
}
