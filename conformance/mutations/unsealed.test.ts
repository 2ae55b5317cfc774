import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: scripts have no declarations
import { unsealed } from '../../scripts/unsealed.mjs';

/** The program that `npm run test:mutations` tests must do what it did with its private fields. */
describe('a program without private fields', () => {
  it.each([
    [
      'fields',
      'class A { #x = 1; get() { return this.#x++; } } const a = new A(); return [a.get(), a.get()]',
      [1, 2],
    ],
    [
      'methods and accessors',
      'class A { #m() { return 2; } get #g() { return this.#m() + 1; } n() { return this.#g; } } return new A().n()',
      3,
    ],
    ['static ones', 'class A { static #x = 3; static get() { return A.#x; } } return A.get()', 3],
    [
      'the question whether there is one',
      'class A { #x; static is(a) { return #x in a; } } return [A.is(new A()), A.is({})]',
      [true, false],
    ],
    [
      'the same name in a subclass',
      'class A { #x = 1; a() { return this.#x; } } class B extends A { #x = 2; b() { return this.#x; } } const b = new B(); return [b.a(), b.b()]',
      [1, 2],
    ],
    [
      'a class in a class',
      'class A { #x = 1; make() { const a = this; return new (class { #x = 2; both() { return [a.y(), this.#x]; } })(); } y() { return this.#x; } } return new A().make().both()',
      [1, 2],
    ],
    [
      'functions that know a this',
      'class A { #x = 4; host = { x: () => [this.#x, [1].map(() => this.#x)] }; } return new A().host.x()',
      [4, [4]],
    ],
    [
      'functions with a this of their own',
      'const o = { x: 5, f: function () { return this.x; }, g() { return this.x; } }; return [o.f(), o.g()]',
      [5, 5],
    ],
    ['text that looks like one', "return ['#x', `#y`]", ['#x', '#y']],
  ])('has %s all the same', (_, body, value) => {
    expect(run(body)).toEqual(value);
    expect(run(unsealed(`(() => { ${body} })()`), false)).toEqual(value);
  });

  it('says of which object such a function is, and makes the same for another', () => {
    const program = 'class A { x = 1; host = { x: () => this.x }; } globalThis.made = new A();';
    run(unsealed(program), false);
    const { made, ownedFunctions } = globalThis as unknown as {
      made: { host: { x(): number } };
      ownedFunctions: WeakMap<object, { owner: object; make(owner: object): () => number }>;
    };
    const { owner, make } = ownedFunctions.get(made.host.x)!;
    expect(owner).toBe(made);
    expect(make({ x: 2 })()).toBe(2);
  });
});

function run(program: string, isBody = true): unknown {
  // Values that equal ours, not of another realm.
  return runInThisContext(isBody ? `(() => { ${program} })()` : program);
}
