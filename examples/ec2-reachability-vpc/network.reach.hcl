flows "port 80" {
  must_succeed = ["source -> target_available:80"]
  must_fail    = ["source -> target_unavailable:80"]
}
