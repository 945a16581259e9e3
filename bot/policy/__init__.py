"""Versions of the policy data: read from an upload, checked, kept, and taken into use without a restart."""
