# Secrets in every place that a plan can hold them in. Each value begins with
# canary, or is one of the numbers that the test looks for; none of them may
# appear in any output.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-central-1"
}

variable "secret" {
  type      = string
  default   = "canary-variable"
  sensitive = true
}

variable "office" {
  type      = string
  default   = "198.51.100.64/26"
  sensitive = true
}

variable "partner" {
  type      = string
  default   = "203.0.113.192/27"
  sensitive = true
}

variable "range" {
  type      = string
  default   = "10.77.7.0/24"
  sensitive = true
}

variable "address" {
  type      = string
  default   = "10.77.1.177"
  sensitive = true
}

variable "port" {
  type      = number
  default   = 47123
  sensitive = true
}

resource "aws_vpc" "main" {
  cidr_block = "10.77.0.0/16"
  tags       = { Name = var.secret }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "open" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.77.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "hidden" {
  vpc_id     = aws_vpc.main.id
  cidr_block = var.range
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route" "partner" {
  route_table_id         = aws_route_table.hidden.id
  destination_cidr_block = var.partner
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table" "hidden" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "open" {
  subnet_id      = aws_subnet.open.id
  route_table_id = aws_route_table.main.id
}

resource "aws_route_table_association" "hidden" {
  subnet_id      = aws_subnet.hidden.id
  route_table_id = aws_route_table.hidden.id
}

resource "aws_network_acl" "hidden" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.hidden.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = var.office
    from_port  = var.port
    to_port    = var.port
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr        = var.office
    description = var.secret
  }
}

resource "aws_security_group" "web" {
  name        = "web"
  description = var.secret
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = aws_security_group.web.id
  description       = var.secret
  cidr_ipv4         = var.office
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "port" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port + 2
}

resource "aws_vpc_security_group_ingress_rule" "offices" {
  security_group_id = aws_security_group.web.id
  prefix_list_id    = aws_ec2_managed_prefix_list.offices.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

resource "aws_instance" "web" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.open.id
  private_ip             = var.address
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data              = "canary-userdata ${var.secret}"
  tags                   = { Name = var.secret, Team = "web" }
}

resource "aws_instance" "hidden" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.hidden.id
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data              = base64encode("canary-encoded")
  tags                   = { Secret = var.secret }
}

resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = [aws_subnet.hidden.id]
}

resource "aws_db_instance" "main" {
  allocated_storage      = 10
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  username               = "canary-user-${nonsensitive(sha256(var.secret)) != "" ? "name" : ""}"
  password               = "canary-password"
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.web.id]
  port                   = var.port
  skip_final_snapshot    = true
}

resource "aws_lambda_function" "job" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"
  handler       = "index.handler"
  runtime       = "nodejs20.x"
  filename      = "job.zip"

  environment {
    variables = { TOKEN = "canary-environment" }
  }

  vpc_config {
    subnet_ids         = [aws_subnet.open.id]
    security_group_ids = [aws_security_group.web.id]
  }
}

resource "terraform_data" "note" {
  input = "canary-input ${var.secret}"
}

output "secret" {
  value     = "canary-output ${var.secret}"
  sensitive = true
}
