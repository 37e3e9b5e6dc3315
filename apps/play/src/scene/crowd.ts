import { Buffer, BufferUsage, CanvasSource, Geometry, GlProgram, Mesh, Shader } from 'pixi.js';
import { CELL, type FigureSheet } from '../draw/figure.ts';

/** Floats an instance: x, y, frame, mirror; then coat, skin, hair as four bytes each. */
const STRIDE = 7;

const vertex = `#version 300 es
in vec2 aCorner;
in vec4 aWhere;
in vec4 aCoat;
in vec4 aSkin;
in vec4 aHair;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
uniform vec4 uCell;
uniform vec2 uGrid;
out vec2 vPicture;
out vec4 vCoat;
out vec3 vSkin;
out vec3 vHair;
void main() {
  vec2 offset = (aCorner - uCell.zw) * uCell.xy;
  vec2 place = aWhere.xy + vec2(offset.x * aWhere.w, -offset.y);
  vec3 clip = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix * vec3(place, 1.0);
  gl_Position = vec4(clip.xy, 0.0, 1.0);
  float column = mod(aWhere.z, uGrid.x);
  float row = floor(aWhere.z / uGrid.x);
  vPicture = vec2(column + aCorner.x, row + 1.0 - aCorner.y) / uGrid;
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

/** All people of a frame in one draw: the figures of the sheet, each in its own colours. */
export class Crowd {
  readonly mesh: Mesh<Geometry, Shader>;
  #floats: Float32Array;
  #bytes: Uint32Array;
  readonly #buffer: Buffer;
  readonly #geometry: Geometry;
  #count = 0;

  constructor(sheet: FigureSheet, capacity = 2_048) {
    this.#floats = new Float32Array(capacity * STRIDE);
    this.#bytes = new Uint32Array(this.#floats.buffer);
    this.#buffer = new Buffer({
      data: this.#floats,
      usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
      shrinkToFit: false,
    });
    const instance = { buffer: this.#buffer, stride: STRIDE * 4, instance: true } as const;
    this.#geometry = new Geometry({
      attributes: {
        aCorner: { buffer: new Float32Array([0, 0, 1, 0, 1, 1, 0, 1]), format: 'float32x2' },
        aWhere: { ...instance, format: 'float32x4', offset: 0 },
        aCoat: { ...instance, format: 'unorm8x4', offset: 16 },
        aSkin: { ...instance, format: 'unorm8x4', offset: 20 },
        aHair: { ...instance, format: 'unorm8x4', offset: 24 },
      },
      indexBuffer: new Uint16Array([0, 1, 2, 0, 2, 3]),
      instanceCount: 0,
    });
    const source = new CanvasSource({ resource: sheet.canvas, autoGenerateMipmaps: true, scaleMode: 'linear' });
    const shader = new Shader({
      glProgram: GlProgram.from({ vertex, fragment, name: 'crowd' }),
      resources: {
        uSheet: source,
        layout: {
          uCell: {
            value: new Float32Array([CELL.w, CELL.h, CELL.originX / CELL.w, CELL.originY / CELL.h]),
            type: 'vec4<f32>',
          },
          uGrid: { value: new Float32Array([sheet.columns, sheet.rows]), type: 'vec2<f32>' },
        },
      },
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
    if ((this.#count + 1) * STRIDE > this.#floats.length) this.#grow();
    const at = this.#count * STRIDE;
    const floats = this.#floats;
    floats[at] = x;
    floats[at + 1] = -y;
    floats[at + 2] = frame;
    floats[at + 3] = mirrored ? -1 : 1;
    this.#bytes[at + 4] = coat;
    this.#bytes[at + 5] = skin;
    this.#bytes[at + 6] = hair;
    this.#count++;
  }

  end(): void {
    this.#geometry.instanceCount = this.#count;
    this.mesh.visible = this.#count > 0;
    if (this.#count > 0) this.#buffer.setDataWithSize(this.#floats, this.#count * STRIDE * 4, true);
  }

  #grow(): void {
    const larger = new Float32Array(this.#floats.length * 2);
    larger.set(this.#floats);
    this.#floats = larger;
    this.#bytes = new Uint32Array(larger.buffer);
  }
}
