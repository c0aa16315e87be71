"""The commands of `smegraph`: one file for each, their options, what they show on a terminal."""
