import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** Ten equal shades: the shade is chosen by tokens.css, light or dark, not by the library. */
function tuple(...values: string[]): MantineColorsTuple {
  return Array.from({ length: 10 }, (_, i) => values[Math.min(i, values.length - 1)]) as unknown as MantineColorsTuple;
}

const v = (token: string) => `var(--${token})`;

export const mantineTheme = createTheme({
  fontFamily: v('font'),
  fontFamilyMonospace: v('mono'),
  primaryColor: 'brand',
  defaultRadius: '6px',
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    brand: tuple(v('brand')),
    red: tuple(v('red')),
    gray: tuple(
      v('sunken'),
      v('sunken'),
      v('line'),
      v('line-2'),
      v('line-2'),
      v('ink-3'),
      v('ink-3'),
      v('ink-2'),
      v('ink'),
      v('ink'),
    ),
    dark: tuple(
      v('ink'),
      v('ink-2'),
      v('ink-3'),
      v('ink-3'),
      v('line-2'),
      v('raised'),
      v('surface'),
      v('surface'),
      v('sunken'),
      v('bg'),
    ),
  },
});

const shared = {
  '--mantine-color-body': v('surface'),
  '--mantine-color-text': v('ink'),
  '--mantine-color-dimmed': v('ink-3'),
  '--mantine-color-placeholder': v('ink-3'),
  '--mantine-color-error': v('red'),
  '--mantine-color-anchor': v('brand'),
  '--mantine-color-default': v('surface'),
  '--mantine-color-default-hover': v('sunken'),
  '--mantine-color-default-color': v('ink'),
  '--mantine-color-default-border': v('line-2'),
  '--mantine-color-disabled': v('sunken'),
  '--mantine-color-disabled-color': v('ink-3'),
  '--mantine-color-brand-filled': v('brand'),
  '--mantine-color-brand-filled-hover': v('brand-hover'),
  '--mantine-color-brand-light': v('brand-soft'),
  '--mantine-color-brand-light-hover': v('brand-soft'),
  '--mantine-color-brand-light-color': v('brand'),
  '--mantine-primary-color-contrast': v('on-brand'),
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--mantine-line-height': '1.5', '--mantine-font-size-sm': '14px' },
  light: shared,
  dark: shared,
});
