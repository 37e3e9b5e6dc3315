import { Buffer, BufferUsage, CanvasSource, Geometry, GlProgram, Mesh, Shader } from 'pixi.js';
import { CELL, type FigureSheet } from '../draw/figure.ts';

/** Words a corner: x, y, place on the sheet (two halves), then coat, skin, hair as four bytes each. */
const STRIDE = 6;
const QUAD = STRIDE * 4;
/** Corners are numbered in 16 bits. */
const MOST = 16_000;

const vertex = `#version 300 es
in vec2 aPlace;
in vec2 aPicture;
in vec4 aCoat;
in vec4 aSkin;
in vec4 aHair;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
out vec2 vPicture;
out vec4 vCoat;
out vec3 vSkin;
out vec3 vHair;
void main() {
  vec3 clip = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix * vec3(aPlace, 1.0);
  gl_Position = vec4(clip.xy, 0.0, 1.0);
  vPicture = aPicture;
  vCoat = aCoat;
  vSkin = aSkin.rgb;
  vHair = aHair.rgb;
}`;

const fragment = `#version 300 es
precision mediump float;
in vec2 vPicture;
in vec4 vCoat;
in vec3 vSkin;
in vec3 vHair;
uniform sampler2D uSheet;
out vec4 colour;
const vec3 INK = vec3(0.215, 0.155, 0.16);
void main() {
  vec4 weight = texture(uSheet, vPicture);
  float ink = max(0.0, weight.a - weight.r - weight.g - weight.b);
  vec3 mixed = weight.r * vCoat.rgb + weight.g * vSkin + weight.b * vHair + ink * INK;
  colour = vec4(mixed, weight.a) * vCoat.a;
}`;

/**
 * All people of a frame in one draw: the figures of the sheet, each in its own colours. Plain corners, not instances:
 * where the processor draws, an instance costs as much as a draw of its own.
 */
export class Crowd {
  readonly mesh: Mesh<Geometry, Shader>;
  readonly #sheet: FigureSheet;
  readonly #floats: Float32Array;
  readonly #words: Uint32Array;
  readonly #buffer: Buffer;
  readonly #geometry: Geometry;
  #count = 0;

  constructor(sheet: FigureSheet) {
    this.#sheet = sheet;
    this.#floats = new Float32Array(MOST * QUAD);
    this.#words = new Uint32Array(this.#floats.buffer);
    this.#buffer = new Buffer({
      data: this.#floats,
      usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
      shrinkToFit: false,
    });
    const corner = { buffer: this.#buffer, stride: STRIDE * 4 } as const;
    this.#geometry = new Geometry({
      attributes: {
        aPlace: { ...corner, format: 'float32x2', offset: 0 },
        aPicture: { ...corner, format: 'unorm16x2', offset: 8 },
        aCoat: { ...corner, format: 'unorm8x4', offset: 12 },
        aSkin: { ...corner, format: 'unorm8x4', offset: 16 },
        aHair: { ...corner, format: 'unorm8x4', offset: 20 },
      },
      indexBuffer: cornersOfQuads(MOST),
    });
    const source = new CanvasSource({ resource: sheet.canvas, autoGenerateMipmaps: true, scaleMode: 'linear' });
    const shader = new Shader({
      glProgram: GlProgram.from({ vertex, fragment, name: 'crowd' }),
      resources: { uSheet: source },
    });
    this.mesh = new Mesh({ geometry: this.#geometry, shader });
  }

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#count = 0;
  }

  /** Adds one, in front of those added before. Colours as 0xaabbggrr, the coat's alpha is the whole figure's. */
  add(x: number, y: number, frame: number, mirrored: boolean, coat: number, skin: number, hair: number): void {
    if (this.#count === MOST) return;
    const { columns, rows } = this.#sheet;
    const column = frame % columns;
    const row = (frame - column) / columns;
    const u0 = Math.round((column / columns) * 65_535);
    const u1 = Math.round(((column + 1) / columns) * 65_535);
    const v0 = Math.round((row / rows) * 65_535) << 16;
    const v1 = Math.round(((row + 1) / rows) * 65_535) << 16;
    const left = x - CELL.originX;
    const right = left + CELL.w;
    const bottom = CELL.originY - y;
    const top = bottom - CELL.h;
    const from = mirrored ? u1 : u0;
    const to = mirrored ? u0 : u1;
    const at = this.#count * QUAD;
    this.#corner(at, left, top, from | v0, coat, skin, hair);
    this.#corner(at + STRIDE, right, top, to | v0, coat, skin, hair);
    this.#corner(at + 2 * STRIDE, right, bottom, to | v1, coat, skin, hair);
    this.#corner(at + 3 * STRIDE, left, bottom, from | v1, coat, skin, hair);
    this.#count++;
  }

  #corner(at: number, x: number, y: number, picture: number, coat: number, skin: number, hair: number): void {
    this.#floats[at] = x;
    this.#floats[at + 1] = y;
    const words = this.#words;
    words[at + 2] = picture;
    words[at + 3] = coat;
    words[at + 4] = skin;
    words[at + 5] = hair;
  }

  end(): void {
    this.mesh.visible = this.#count > 0;
    if (this.#count === 0) return;
    this.#geometry.indexCount = this.#count * 6;
    this.#buffer.setDataWithSize(this.#floats, this.#count * QUAD, true);
  }
}

function cornersOfQuads(count: number): Uint16Array {
  const corners = new Uint16Array(count * 6);
  for (let i = 0; i < count; i++)
    corners.set(
      [0, 1, 2, 0, 2, 3].map((corner) => i * 4 + corner),
      i * 6,
    );
  return corners;
}
