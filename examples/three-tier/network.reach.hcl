flows "operators" {
  must_succeed = [
    "203.0.113.0/24 -> bastion:ssh",
    "bastion -> app:ssh",
  ]
  must_fail = [
    "internet -> app",
    "bastion -> database",
  ]
}

flows "tiers" {
  must_succeed = [
    "app -> database:postgres",
    "app -> internet.v4:https",
  ]
  must_fail = [
    "app -> database:ssh",
    "database -> app",
  ]
}

must_not_reach "the database is not on the internet" {
  description = "Neither directly nor through the NAT gateway."
  from        = internet
  to          = aws_instance.database
}

must_not_reach "the database sends nothing out" {
  description = "It holds personal data; updates come from the application tier."
  from        = aws_instance.database
  to          = internet
}
