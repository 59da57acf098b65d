flows "tiers" {
  must_succeed = [
    "internet.v4 -> web:https",
    "web -> database:postgres",
  ]
  must_fail = ["internet -> database"]
}
