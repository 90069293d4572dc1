// The entries of a widget's `values`: each is plain or {value, label}.
export const valueOf = (entry) => entry?.value ?? entry;
export const labelOf = (entry) => entry?.label ?? valueOf(entry);
