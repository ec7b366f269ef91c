// The library's styles for its inputs, once for all fields, in the `mantine` layer below our own rules.
import '@mantine/core/styles/Input.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
