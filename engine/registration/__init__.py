"""People, their phones and names, and the enterprises they act for."""
