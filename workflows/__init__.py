"""The workflows: durable interpreters of the core. They decide nothing themselves."""
