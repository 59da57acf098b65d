terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

# Instances beside what has no model yet: peering, balancers, endpoints, propagation.

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "other" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block                = "10.1.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection.main.id
  }

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_vpc_peering_connection" "main" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = aws_vpc.other.id
  auto_accept = true
}

resource "aws_lb" "main" {
  subnets         = [aws_subnet.main.id]
  security_groups = [aws_security_group.main.id]
}

resource "aws_lb" "appliances" {
  load_balancer_type = "gateway"
  subnets            = [aws_subnet.main.id]
}

resource "aws_lb_target_group" "main" {
  vpc_id   = aws_vpc.main.id
  port     = 443
  protocol = "HTTPS"
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.us-east-1.s3"
  route_table_ids = [aws_route_table.main.id]
}

resource "aws_vpc_endpoint" "ssm" {
  vpc_id            = aws_vpc.main.id
  vpc_endpoint_type = "Interface"
  service_name      = "com.amazonaws.us-east-1.ssm"
  subnet_ids        = [aws_subnet.main.id]
}

resource "aws_vpc_endpoint_route_table_association" "other" {
  route_table_id  = aws_vpc.other.main_route_table_id
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
}

resource "aws_vpn_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpn_gateway_route_propagation" "main" {
  vpn_gateway_id = aws_vpn_gateway.main.id
  route_table_id = aws_route_table.main.id
}

resource "aws_db_subnet_group" "main" {
  subnet_ids = [aws_subnet.main.id]
}

resource "aws_db_instance" "main" {
  instance_class         = "db.t3.micro"
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.main.id]
}

resource "aws_lambda_function" "inside" {
  function_name = "inside"
  role          = "arn:aws:iam::123456789012:role/lambda"

  vpc_config {
    subnet_ids         = [aws_subnet.main.id]
    security_group_ids = [aws_security_group.main.id]
  }
}

resource "aws_lambda_function" "outside" {
  function_name = "outside"
  role          = "arn:aws:iam::123456789012:role/lambda"
}

resource "aws_vpc_block_public_access_options" "main" {
  internet_gateway_block_mode = "block-ingress"
}

resource "aws_flow_log" "main" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  log_destination = "arn:aws:s3:::logs"
}

# Of types that nothing is known of.

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "i" {
  route_table_id = aws_route_table.main.id
  subnet_id      = aws_subnet.main.id
}

resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_instance" "main" {
  count                       = 2
  ami                         = "ami-0a49b025fffbbdac6"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.main.id
  associate_public_ip_address = count.index == 0
}

resource "aws_instance" "other" {
  ami           = "ami-0a49b025fffbbdac6"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.other.id
}
