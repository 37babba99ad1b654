// Something that is loaded once, and what is said to who does not wait for it.

/** `load` is called once, unless it fails; `need` throws a sentence that says what to call. */
export function once(load) {
  let ready = false;
  let loading;
  return {
    init(source) {
      loading ??= load(source).then(
        () => {
          ready = true;
        },
        (error) => {
          loading = undefined;
          throw new Error(`vaultlet's engine did not load: ${error.message}`, { cause: error });
        },
      );
      return loading;
    },
    need() {
      if (!ready) {
        throw new Error("vaultlet is not loaded yet: call `await init()` once before this, or `await createVault()`.");
      }
    },
  };
}
